/** Rules of the part of the page that shows rollouts; colours by the page's own variables. */
export const rolloutStyle = `
:root { --good: #1a6f37; --bad: #a32121; }
@media screen and (prefers-color-scheme: dark) { :root { --good: #7fd69a; --bad: #ff9d94; } }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-bottom: 0.75rem; }
.controls select, .controls button { font: inherit; padding: 0.3rem 0.6rem; color: var(--text); background: var(--panel);
  border: 1px solid var(--muted); border-radius: 6px; }
select:focus-visible, pre:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.group { margin-bottom: 1.5rem; }
.group h3 { margin: 1.25rem 0 0.25rem; font-size: 1rem; overflow-wrap: anywhere; }
.group .note { margin: 0 0 0.5rem; overflow-wrap: anywhere; }
.rollout { background: var(--panel); border: 1px solid var(--rule); border-radius: 6px; margin-bottom: 0.4rem; }
.rollout > summary { color: var(--text); padding: 0.5rem 0.75rem; overflow-wrap: anywhere; }
.rollout > .turn, .conversation { padding: 0.5rem 0.75rem; border-top: 1px solid var(--rule); }
.conversation > header { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: baseline; }
.conversation h4 { margin: 0; font-size: 0.9rem; }
.facts, .label { font-size: 0.8rem; color: var(--muted); }
.conversation h4, .grade { color: var(--text); }
.grade { font-size: 0.8rem; font-variant-numeric: tabular-nums; white-space: nowrap; margin-right: 0.4rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.turn { margin-top: 0.35rem; }
.turn pre { padding: 0.4rem 0.6rem; max-height: 22rem; overflow: auto; background: var(--page);
  border-left: 3px solid var(--rule); }
.turn .did { border-left-color: var(--link); }
@media (max-width: 32rem) { .grade { white-space: normal; } }
`;
