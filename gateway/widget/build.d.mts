export interface Sizes {
  files: Record<string, number>;
  loader: number;
  everything: number;
}
export const LIMITS: { loader: number; everything: number };
export function measure(outDir: string): Promise<Sizes>;
export function build(outDir?: string): Promise<Sizes>;
