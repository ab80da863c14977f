// The libraries to compare with, each as its documentation shows, at its best documented setting. `rows` and queries are unit
// vectors. `input` turns rows into what the library takes, off the clock; `build` and `search` are timed; rows come back as numbers.
const each = (rows, dimensions, make) =>
  Array.from({ length: rows.length / dimensions }, (_, i) => make(rows.subarray(i * dimensions, (i + 1) * dimensions), i));

export const PEERS = {
  'hnswlib-wasm': {
    async load() {
      const { loadHnswlib } = await import('hnswlib-wasm');
      return loadHnswlib();
    },
    input: (rows, dimensions) => each(rows, dimensions, (row) => row.slice()),
    build(lib, rows, dimensions) {
      const index = new lib.HierarchicalNSW('ip', dimensions, '');
      index.initIndex(rows.length, 16, 200, 100);
      index.setEfSearch(64);
      const labels = index.addItems(rows, false);
      return { index, labels: Int32Array.from(labels) };
    },
    search: ({ index }, query, k) => index.searchKnn(query, k, undefined).neighbors,
    /** The library numbers rows itself. */
    rowOf: ({ labels }) => {
      const rows = new Map(Array.from(labels, (label, row) => [label, row]));
      return (label) => rows.get(label);
    },
  },

  edgevec: {
    async load() {
      const lib = await import('edgevec/edgevec.js');
      await lib.default();
      return lib;
    },
    input: (rows, dimensions) => each(rows, dimensions, (row) => row.slice()),
    build(lib, rows, dimensions) {
      const config = new lib.EdgeVecConfig(dimensions);
      // 0.9.0 gives the farthest rows first with `dot` and `cosine`; on unit vectors the order of `l2`, its default, is the same.
      config.metric = 'l2';
      config.m = 16;
      config.ef_construction = 200;
      config.ef_search = 64;
      const index = new lib.EdgeVec(config);
      // Takes at most 100,000 rows a call.
      for (let at = 0; at < rows.length; at += 100_000) index.insertBatch(rows.slice(at, at + 100_000));
      return index;
    },
    search: (index, query, k) => index.search(query, k).map(({ id }) => id),
  },

  'voy-search': {
    async load() {
      // As a bundler's WebAssembly plugin does it.
      const [glue, { default: url }] = await Promise.all([import('voy-search/voy_search_bg.js'), import('voy-search/voy_search_bg.wasm?url')]);
      const { instance } = await WebAssembly.instantiateStreaming(fetch(url), { './voy_search_bg.js': glue });
      glue.__wbg_set_wasm(instance.exports);
      return glue;
    },
    /** In resources of 10,000, because it cannot take 100,000 at once. */
    input(rows, dimensions) {
      const all = each(rows, dimensions, (row, i) => ({ id: String(i), title: String(i), url: String(i), embeddings: Array.from(row) }));
      return Array.from({ length: Math.ceil(all.length / 10_000) }, (_, i) => ({ embeddings: all.slice(i * 10_000, (i + 1) * 10_000) }));
    },
    build(lib, [first, ...others]) {
      const voy = new lib.Voy(first);
      for (const resource of others) voy.add(resource);
      return voy;
    },
    search: (voy, query, k) => voy.search(query, k).neighbors.map(({ id }) => Number(id)),
  },

  mememo: {
    load: () => import('mememo'),
    input: (rows, dimensions) => ({ keys: each(rows, dimensions, (_, i) => String(i)), values: each(rows, dimensions, (row) => Array.from(row)) }),
    async build(lib, { keys, values }) {
      const index = new lib.HNSW({ distanceFunction: 'cosine-normalized', useIndexedDB: false });
      await index.bulkInsert(keys, values);
      return index;
    },
    queries: (query) => Array.from(query),
    search: async (index, query, k) => (await index.query(query, k)).keys.map(Number),
  },

  'client-vector-search': {
    load: () => import('client-vector-search'),
    input: (rows, dimensions) => each(rows, dimensions, (row, id) => ({ id, embedding: Array.from(row) })),
    build: (lib, objects) => new lib.EmbeddingIndex(objects),
    queries: (query) => Array.from(query),
    search: async (index, query, topK) => (await index.search(query, { topK })).map(({ object }) => object.id),
  },

  '@orama/orama': {
    load: () => import('@orama/orama'),
    input: (rows, dimensions) => each(rows, dimensions, (row, i) => ({ id: String(i), embedding: Array.from(row) })),
    async build(lib, documents, dimensions, { tenthCosine }) {
      const db = lib.create({ schema: { embedding: `vector[${dimensions}]` } });
      await lib.insertMultiple(db, documents);
      // The least similarity that a result may have: as high as leaves every query ten.
      return { db, lib, similarity: Math.floor(tenthCosine * 20) / 20 };
    },
    queries: (query) => Array.from(query),
    async search({ db, lib, similarity }, value, limit) {
      const { hits } = await lib.searchVector(db, { vector: { value, property: 'embedding' }, similarity, limit });
      return hits.map(({ id }) => Number(id));
    },
  },
};
