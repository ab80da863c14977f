// The dependencies that Vite bundles before it serves the sources. Named, because one that Vite finds late (a worker imports it, or
// a part of the page that is loaded on demand) is bundled in the middle of a visit or of a test, and the page reloads.
// `onnxruntime-web` and `@xenova/transformers` are not here: they are served as they are.
export const PREBUNDLED = [
  '@huggingface/tokenizers',
  'comlink',
  'eld/small',
  'idb',
  'lit',
  'lit/directive.js',
  'lit/directives/repeat.js',
  'lit/static-html.js',
  'ml-matrix',
  'papaparse',
  'umap-js',
  'uplot',
  'valibot',
];
