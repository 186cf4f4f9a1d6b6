/** An estimate's interval of confidence, ends included. */
export interface Interval {
  low: number;
  high: number;
}
