/** What is done while a model works begins so many milliseconds after it was asked: its request is on its way by then. */
export const afterRequestMs = 2;
