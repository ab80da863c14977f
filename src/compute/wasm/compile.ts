// Compiles a WebAssembly module that is built into the program.
import { fromBase64 } from '../../base/bytes.ts';

/** @returns undefined where the engine lacks what the module needs or WebAssembly itself, or a content security policy forbids it */
export async function compileModule(base64: string): Promise<WebAssembly.Module | undefined> {
  if (typeof WebAssembly === 'undefined') return undefined;
  const bytes = fromBase64(base64);
  if (!WebAssembly.validate(bytes)) return undefined;
  return WebAssembly.compile(bytes).catch(() => undefined);
}
