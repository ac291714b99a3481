/** Interconnect between the cards of one machine. */
export interface Link {
  readonly kind: 'nvlink' | 'pcie';
  /** Both directions together, in GB/s, as in data sheets. */
  readonly gbPerSecond: number;
  /** Cards joined by a bridge; more of them use PCIe. Undefined: all of a machine. */
  readonly joins?: number;
}

/** GPU by its data sheet: dense figures, accumulated in fp32. */
export interface Card {
  /** Name in the catalogue, such as `h800`. */
  readonly slug: string;
  readonly name: string;
  /** Dense bf16 peak, in 10¹² floating-point operations per second. */
  readonly bf16Tflops: number;
  /** 0 for a card without fp8 units. Weights of 8 bits are then widened before they are multiplied. */
  readonly fp8Tflops: number;
  /** Dense int8 peak, in 10¹² operations per second. */
  readonly int8Tops: number;
  /** Memory bandwidth, in GB/s (10⁹). */
  readonly bandwidth: number;
  /** Memory as sold, in GB (10⁹). A little less than the driver shows for a card of "80 GB". */
  readonly memory: number;
  /** Memory that its driver shows, in GB (10⁹), if known. */
  readonly shownMemory?: number;
  readonly link: Link;
  /** Thermal design power, in watts. */
  readonly tdp: number;
}

const PCIE4: Link = { kind: 'pcie', gbPerSecond: 64 };
const nvlink = (gbPerSecond: number): Link => ({ kind: 'nvlink', gbPerSecond });
const bridge = (gbPerSecond: number): Link => ({ kind: 'nvlink', gbPerSecond, joins: 2 });

/**
 * Catalogue of cards. `a100`, `a800`, `h100` and `h800` are the SXM modules.
 *
 * Sources: NVIDIA's data sheets and the Ada whitepaper for the RTX 4090; the system files of ai-dynamo/aiconfigurator
 * for L40S, A100, H100, H200 and B200; LLM-Viewer for A800 and H100 PCIe; the card tables of llm_counts for H800, H20
 * and H20-3e. Vendors' headline figures are often those of sparse matrices, twice the dense ones. A800 and H800 differ
 * from A100 and H100 by their NVLink.
 */
const ALL: readonly Card[] = [
  {
    slug: 'rtx-4090',
    name: 'RTX 4090',
    ...{ bf16Tflops: 165.2, fp8Tflops: 330, int8Tops: 660, bandwidth: 1008, memory: 24, link: PCIE4, tdp: 450 },
  },
  {
    slug: 'l40s',
    name: 'L40S',
    ...{ bf16Tflops: 362, fp8Tflops: 733, int8Tops: 733, bandwidth: 864, memory: 48, link: PCIE4, tdp: 350 },
  },
  {
    slug: 'a100',
    name: 'A100 SXM',
    ...{ bf16Tflops: 312, fp8Tflops: 0, int8Tops: 624, bandwidth: 2039, memory: 80, link: nvlink(600), tdp: 400 },
  },
  {
    slug: 'a100-pcie',
    name: 'A100 PCIe',
    ...{ bf16Tflops: 312, fp8Tflops: 0, int8Tops: 624, bandwidth: 1935, memory: 80, link: bridge(600), tdp: 300 },
  },
  {
    slug: 'a800',
    name: 'A800 SXM',
    ...{ bf16Tflops: 312, fp8Tflops: 0, int8Tops: 624, bandwidth: 2039, memory: 80, link: nvlink(400), tdp: 400 },
  },
  {
    slug: 'a800-pcie',
    name: 'A800 PCIe',
    ...{ bf16Tflops: 312, fp8Tflops: 0, int8Tops: 624, bandwidth: 1935, memory: 80, link: bridge(400), tdp: 300 },
  },
  {
    slug: 'h100',
    name: 'H100 SXM',
    ...{ bf16Tflops: 989, fp8Tflops: 1979, int8Tops: 1979, bandwidth: 3350, memory: 80, link: nvlink(900), tdp: 700 },
  },
  {
    slug: 'h100-pcie',
    name: 'H100 PCIe',
    ...{ bf16Tflops: 756, fp8Tflops: 1513, int8Tops: 1513, bandwidth: 2000, memory: 80, link: bridge(600), tdp: 350 },
  },
  {
    slug: 'h800',
    name: 'H800 SXM',
    ...{ bf16Tflops: 989, fp8Tflops: 1979, int8Tops: 1979, bandwidth: 3350, memory: 80, link: nvlink(400), tdp: 700 },
  },
  {
    slug: 'h20',
    name: 'H20',
    ...{ bf16Tflops: 148, fp8Tflops: 296, int8Tops: 296, bandwidth: 4000, memory: 96, link: nvlink(900), tdp: 400 },
  },
  {
    slug: 'h20-3e',
    name: 'H20-3e',
    ...{ bf16Tflops: 148, fp8Tflops: 296, int8Tops: 296, bandwidth: 4800, memory: 141, link: nvlink(900), tdp: 400 },
  },
  {
    slug: 'h200',
    name: 'H200',
    ...{ bf16Tflops: 989, fp8Tflops: 1979, int8Tops: 1979, bandwidth: 4800, memory: 141, link: nvlink(900), tdp: 700 },
    shownMemory: 150.75,
  },
  {
    slug: 'b200',
    name: 'B200',
    ...{
      bf16Tflops: 2250,
      fp8Tflops: 4500,
      int8Tops: 4500,
      bandwidth: 7700,
      memory: 180,
      link: nvlink(1800),
      tdp: 1000,
    },
  },
];

/** Cards by slug. */
export const CARDS: ReadonlyMap<string, Card> = new Map(ALL.map((card) => [card.slug, card]));

/** Interconnect between this many cards, one direction of it in GB/s. */
export function linkBetween({ link }: Card, cards: number): { readonly kind: Link['kind']; readonly oneWay: number } {
  const { kind, gbPerSecond } = link.joins !== undefined && cards > link.joins ? PCIE4 : link;
  return { kind, oneWay: gbPerSecond / 2 };
}
