// Lets the visitor save a text or a blob as a file.
export function download(name: string, content: Blob | string, type = 'text/plain'): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(typeof content === 'string' ? new Blob([content], { type }) : content);
  link.download = name;
  link.click();
  // The browser has begun to read the blob by the next task.
  setTimeout(() => URL.revokeObjectURL(link.href));
}
