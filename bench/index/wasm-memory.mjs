// Counts the WebAssembly memories of libraries, which neither the heap nor the buffers of the page include. Import it first.
const memories = new Set();

/** @returns {number} bytes of every memory that an instance made in this page imports or exports */
export function wasmBytes() {
  return [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}

function note(instance, imports = {}) {
  const values = [...Object.values(instance.exports), ...Object.values(imports).flatMap((module) => Object.values(module))];
  for (const value of values) if (value instanceof WebAssembly.Memory) memories.add(value);
}

for (const name of ['instantiate', 'instantiateStreaming']) {
  const original = WebAssembly[name];
  WebAssembly[name] = async (source, imports) => {
    const result = await original.call(WebAssembly, source, imports);
    note(result instanceof WebAssembly.Instance ? result : result.instance, imports);
    return result;
  };
}

WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
  construct(Instance, [module, imports]) {
    const instance = new Instance(module, imports);
    note(instance, imports);
    return instance;
  },
});
