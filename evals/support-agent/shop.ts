/** The little shop the agent works for: what its tools can see. Made up by hand. */

export interface Order {
  readonly order_id: string;
  readonly status: "processing" | "shipped" | "delivered";
  /** Promised or actual delivery day, ISO 8601. */
  readonly eta: string;
  readonly item: string;
  /** EUR. */
  readonly total: number;
  /** The payment provider will decline a refund of this one. */
  readonly card_expired?: boolean;
}

export interface Article {
  readonly title: string;
  readonly text: string;
}

export const orders: readonly Order[] = [
  { order_id: "A-10420", status: "delivered", eta: "2026-11-12", item: "Aero kettle", total: 59.9 },
  { order_id: "A-10421", status: "processing", eta: "2026-12-03", item: "Brio toaster", total: 44.5 },
  { order_id: "A-10422", status: "shipped", eta: "2026-11-24", item: "Aero kettle", total: 59.9 },
  { order_id: "A-11530", status: "shipped", eta: "2026-11-25", item: "Duo grinder", total: 129 },
  { order_id: "A-12641", status: "delivered", eta: "2026-11-10", item: "Brio toaster", total: 44.5 },
  { order_id: "A-13752", status: "shipped", eta: "2026-11-27", item: "Lino scale", total: 31.2 },
  {
    order_id: "A-14863",
    status: "delivered",
    eta: "2026-11-05",
    item: "Duo grinder",
    total: 129,
    card_expired: true,
  },
  {
    order_id: "A-15974",
    status: "delivered",
    eta: "2026-11-08",
    item: "Aero kettle",
    total: 59.9,
    card_expired: true,
  },
  { order_id: "A-17085", status: "delivered", eta: "2026-11-14", item: "Lino scale", total: 31.2 },
  { order_id: "A-18196", status: "processing", eta: "2026-12-01", item: "Duo grinder", total: 129 },
];

export const articles: readonly Article[] = [
  {
    title: "Aero kettle warranty",
    text: "The Aero kettle has a warranty of 24 months from the day of delivery.",
  },
  {
    title: "Duo grinder cleaning",
    text: "Brush the burrs of the Duo grinder once a week. Never rinse them with water.",
  },
  { title: "Returns", text: "Unused goods can be returned within 30 days of delivery. We pay the postage." },
  {
    title: "Descaling the Aero kettle",
    text:
      "Fill the kettle with half a litre of water and two spoons of citric acid. Bring it to the boil and switch it off. " +
      "Leave it for 20 minutes and then pour it out. Rinse it three times with fresh water. Boil a full kettle once and throw that water away. " +
      "Repeat the whole procedure if you still see white spots on the bottom, and do it every two months where the water is hard.",
  },
  { title: "Recipe: pour-over", text: "Use 15 g of coffee for 250 ml of water." },
  { title: "Recipe: cold brew", text: "Use 60 g of coffee for one litre of water and wait 12 hours." },
  { title: "Recipe: flat white", text: "Use a double espresso and 120 ml of milk." },
  { title: "Recipe: moka pot", text: "Fill the basket without pressing it." },
  { title: "Recipe: french press", text: "Use 30 g of coffee for half a litre of water and wait 4 minutes." },
];
