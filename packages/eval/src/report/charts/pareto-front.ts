/** Something that is better the higher its `score` and the lower its `cost`. */
export interface Offer {
  cost: number;
  score: number;
}

/** The offers that no other one beats: none is as cheap and better, or as good and cheaper. By cost. */
export function paretoFront<O extends Offer>(offers: readonly O[]): O[] {
  return offers
    .filter(
      (offer) =>
        !offers.some(
          (other) =>
            other.cost <= offer.cost &&
            other.score >= offer.score &&
            (other.cost < offer.cost || other.score > offer.score),
        ),
    )
    .toSorted((a, b) => a.cost - b.cost);
}
