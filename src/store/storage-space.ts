// How much space the browser gives this site, and the request to keep the data. Never throws: without navigator.storage (in Node, for
// example) it answers with zeros.

interface StorageSpace {
  usedBytes: number;
  /** 0 where the browser does not say. */
  quotaBytes: number;
  /** True when the browser has promised not to clear this site's data by itself. */
  persisted: boolean;
}

/** A catalogue that is kept on this device. */
export interface KeptCatalogue {
  id: string;
  title: string;
  itemCount: number;
  /** Ratings given in it. */
  ratingCount: number;
  importedAtMs: number;
}

export interface StorageEntry {
  what: 'items' | 'vectors' | 'ratings' | 'heads' | 'corrections' | 'settings' | 'model-files' | 'runtime-files' | 'page-files';
  count: number;
  bytes: number;
}

export interface StorageReport {
  entries: StorageEntry[];
  usedBytes: number;
  quotaBytes: number;
}

function storageManager(): Partial<StorageManager> | undefined {
  return globalThis.navigator?.storage;
}

/** What navigator.storage says, or zeros. */
export async function storageSpace(): Promise<StorageSpace> {
  try {
    const storage = storageManager();
    const [estimate, persisted] = await Promise.all([storage?.estimate?.(), storage?.persisted?.()]);
    return {
      usedBytes: estimate?.usage ?? 0,
      quotaBytes: estimate?.quota ?? 0,
      persisted: persisted ?? false,
    };
  } catch {
    return { usedBytes: 0, quotaBytes: 0, persisted: false };
  }
}

/**
 * Asks the browser to keep this site's data when disk space runs low. Some browsers ask the visitor, so call it
 * from a gesture. It exists on pages only, not in workers.
 * @returns whether the data are kept; false where the browser cannot say.
 */
export async function requestPersistence(): Promise<boolean> {
  try {
    return (await storageManager()?.persist?.()) ?? false;
  } catch {
    return false;
  }
}
