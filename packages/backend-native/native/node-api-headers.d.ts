declare module 'node-api-headers' {
  const headers: { readonly include_dir: string; readonly def_paths: { readonly node_api_def: string } }
  export default headers
}
