/** Only widget of blessed-contrib in use. Loading it alone saves a tenth of a second. */
declare module 'blessed-contrib/lib/widget/canvas.js' {
  import type { Widgets } from 'blessed';

  /** Drawing context: HTML's canvas, in dots. */
  interface Context {
    strokeStyle: string;
    beginPath(): void;
    moveTo(x: number, y: number): void;
    lineTo(x: number, y: number): void;
    stroke(): void;
    readonly _canvas: {
      clear(): void;
      /** Dots as lines of braille, with colors. */
      frame(): string;
    };
  }

  interface Canvas extends Widgets.BoxElement {
    readonly ctx: Context;
    /** Computes the size in dots. Called when the widget is added to a screen. */
    calcSize(): void;
    canvasSize: { width: number; height: number };
  }

  export default function canvas(options: Widgets.BoxOptions): Canvas;
}
