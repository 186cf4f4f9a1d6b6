/** What the bundler makes of these imports: the address of the file. */
declare module '*.svg' {
  const address: string;
  // oxlint-disable-next-line import/no-default-export -- the bundler decides
  export default address;
}

declare module '*?url' {
  const address: string;
  // oxlint-disable-next-line import/no-default-export -- the bundler decides
  export default address;
}

declare module '*.css';
