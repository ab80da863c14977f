// Bundles the command line for Node into dist-cli/, so that an installed package starts without Vite. Packages of node_modules
// are not bundled.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('..'),
  publicDir: false,
  build: {
    ssr: true,
    target: 'node20',
    outDir: here('../dist-cli'),
    emptyOutDir: true,
    rolldownOptions: {
      input: { kindred: here('./main.ts'), 'encoder-child': here('./lib/encoder-child.ts') },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});
