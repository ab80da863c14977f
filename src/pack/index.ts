// What the rest of the project may use of this room.
export { bytesOfChunk, KEY_BYTES, keyHex, keysHex, type PackChunk, readChunk } from './chunk.ts';
export { createLanguageSums, type LanguageSums } from './languages.ts';
export {
  type ChunkEntry,
  chunkIndexOf,
  type FileEntry,
  formatPackManifest,
  headOf,
  MANIFEST_FILE,
  PACK_FORMAT,
  type PackManifest,
  readPackManifest,
} from './manifest.ts';
export { mergePacks } from './merge.ts';
export { type ChunkResult, type FetchBytes, openPack, type PackReader, readerOf } from './reader.ts';
export { type PackDescription, type PackRows, type WriteOptions, writePack } from './writer.ts';
