/** Vite bundles such a file by itself, and gives its address. */
declare module '*?worker&url' {
  const url: string
  export default url
}
