/** The one widget of blessed-contrib that is used, loaded without the others, which would take a tenth of a second. */
declare module 'blessed-contrib/lib/widget/canvas.js' {
  import type { Widgets } from 'blessed';

  /** What is drawn on: HTML's canvas, in dots. */
  interface Context {
    strokeStyle: string;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
    readonly _canvas: {
      clear(): void;
      /** The dots as lines of braille, with colours. */
      frame(): string;
    };
  }

  interface Canvas extends Widgets.BoxElement {
    readonly ctx: Context;
    /** In dots. Called when the widget is put on a screen. */
    calcSize(): void;
    canvasSize: { width: number; height: number };
  }

  export default function canvas(options: Widgets.BoxOptions): Canvas;
}
