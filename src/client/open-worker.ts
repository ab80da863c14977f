// Starts a module worker wherever its script lies: browsers refuse a worker's script from another origin, but let a script
// of one's own import it. Workers that it starts in turn take the same way.

/**
 * @param script absolute URL; from another origin it needs `Access-Control-Allow-Origin`, and the page's policy
 *   `worker-src blob:` and that origin in `script-src`
 */
export function openWorker(script: string | URL, options: WorkerOptions): Worker {
  const url = new URL(script, location.href);
  if (url.origin === location.origin) return new Worker(trusted(url.href), options);
  const wrapper = URL.createObjectURL(new Blob([wrapperOf(url.href)], { type: 'text/javascript' }));
  const worker = new Worker(trusted(wrapper), options);
  // Only when it runs: an address that is revoked before it was read cannot be loaded.
  for (const done of ['message', 'error']) worker.addEventListener(done, () => URL.revokeObjectURL(wrapper), { once: true });
  return worker;
}

/**
 * Replaces `Worker` within a wrapper, by one that wraps in turn; `shim` is this text. The page's policy binds wrappers too,
 * Trusted Types included.
 */
const SHIM = `
const Native = self.Worker;
let policy;
try {
  policy = self.trustedTypes?.createPolicy('kindred', { createScriptURL: (url) => url });
} catch {}
const wrap = (href) => {
  const source = 'import ' + JSON.stringify(href) + '; const shim = ' + JSON.stringify(shim) + ';' + shim;
  return URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
};
self.Worker = class Worker extends Native {
  constructor(script, options) {
    const { href, origin } = new URL(script, self.location.href);
    const url = origin === self.location.origin ? href : wrap(href);
    super(policy?.createScriptURL(url) ?? url, options);
  }
};
`;

/** Imports are hoisted, and `Worker` is replaced before the first message is handled. */
function wrapperOf(script: string): string {
  return `import ${JSON.stringify(script)}; const shim = ${JSON.stringify(SHIM)};${SHIM}`;
}

interface ScriptUrlPolicy {
  createScriptURL(url: string): string;
}

let policy: ScriptUrlPolicy | null | undefined;

/** Under `require-trusted-types-for 'script'` a worker's address must come from a policy; ours is called `kindred`. */
function trusted(url: string): string {
  if (policy === undefined) policy = createPolicy();
  return policy?.createScriptURL(url) ?? url;
}

function createPolicy(): ScriptUrlPolicy | null {
  const { trustedTypes } = globalThis as {
    trustedTypes?: { createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy };
  };
  try {
    return trustedTypes?.createPolicy('kindred', { createScriptURL: (url) => url }) ?? null;
  } catch {
    return null; // the page's policy does not list it; where types are not required, a plain address will do
  }
}
