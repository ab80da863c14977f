// Loads the tokenizer of a model folder: the compact form if the folder has one, else tokenizer.json.
import { messageOf, RecommenderError } from '../../base/errors.ts';
import type { ModelManifest } from '../manifest.ts';
import { readCompact } from './compact.ts';
import { readUnigramJson } from './json.ts';
import type { Tokenizer } from './tokenizer.ts';
import { UnigramTokenizer } from './unigram.ts';

export async function loadTokenizer(manifest: ModelManifest, load: (name: string) => Promise<Uint8Array<ArrayBuffer>>): Promise<Tokenizer> {
  if (manifest.tokenizerCompact !== undefined) {
    const { vocabulary, special } = readCompact(await load(manifest.tokenizerCompact));
    return new UnigramTokenizer(vocabulary, special);
  }
  const json = parseObject(await load(manifest.tokenizer), manifest.tokenizer);
  const files = readUnigramJson(json);
  if (files) return new UnigramTokenizer(files.vocabulary, files.special);
  const name = 'tokenizer_config.json';
  const config = name in manifest.files ? parseObject(await load(name), name) : {};
  const { libraryTokenizer } = await import('./library.ts');
  return libraryTokenizer(json, config);
}

function parseObject(bytes: Uint8Array, name: string): object {
  try {
    const json: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof json === 'object' && json !== null) return json;
    throw new Error('not an object');
  } catch (error) {
    throw new RecommenderError('bad-manifest', `${name} of the model cannot be read: ${messageOf(error)}.`);
  }
}
