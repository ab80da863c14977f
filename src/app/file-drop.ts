// Takes a file that is dropped anywhere on the page. Dragged text and links are left to the browser.
import type { ReactiveController, ReactiveElement } from 'lit';

export class FileDrop implements ReactiveController {
  /** A file is held over the page. */
  dragging = false;
  /** The last dropped file, until the page sets it to null. */
  file: File | null = null;

  readonly #host: ReactiveElement;
  readonly #onFile: (file: File) => void;

  constructor(host: ReactiveElement, onFile: (file: File) => void) {
    this.#host = host;
    this.#onFile = onFile;
    host.addController(this);
    host.addEventListener('dragover', (event) => this.#over(event));
    host.addEventListener('dragleave', () => this.#setDragging(false));
    host.addEventListener('drop', (event) => this.#drop(event));
  }

  hostDisconnected(): void {
    this.dragging = false;
  }

  #over(event: DragEvent): void {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.#setDragging(true);
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    this.#setDragging(false);
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    this.file = file;
    this.#onFile(file);
    this.#host.requestUpdate();
  }

  #setDragging(dragging: boolean): void {
    if (dragging === this.dragging) return;
    this.dragging = dragging;
    this.#host.requestUpdate();
  }
}
