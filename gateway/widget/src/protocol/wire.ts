/** The public chat API's shapes, as the gateway publishes them at `/api/chat/schemas`. Instants are UTC, ISO 8601. */

export interface Button {
  id: string;
  label: string;
}

/** `text` is the amount as the reader's language writes it; `amount` is in minor units. */
export interface Money {
  amount: number;
  currency: string;
  text: string;
}

export interface TextContent {
  kind: "text";
  text: string;
}

export interface QuickRepliesContent {
  kind: "quick_replies";
  text: string;
  buttons: Button[];
}

export interface ProductCard {
  sku: string;
  title: string;
  price?: Money | null;
  availability_text?: string | null;
  image_url?: string | null;
  url?: string | null;
}

export interface ProductCardsContent {
  kind: "product_cards";
  text: string;
  products: ProductCard[];
  buttons?: Button[];
}

export interface OrderCardLine {
  title: string;
  options?: string | null;
  quantity: number;
  total?: Money | null;
}

export interface OrderCardContent {
  kind: "order_card";
  text: string;
  order_number: string;
  state: string;
  state_text: string;
  placed_at?: string | null;
  placed_text?: string | null;
  lines?: OrderCardLine[];
  total?: Money | null;
  buttons?: Button[];
}

export interface TimelineEvent {
  at: string | null;
  at_text?: string | null;
  label: string;
  place?: string | null;
}

/** One parcel; `events` are oldest first. `promised_on` is a date of the delivery address, without a time. */
export interface Parcel {
  carrier?: string | null;
  tracking_number?: string | null;
  state: string;
  state_text: string;
  promised_on?: string | null;
  promised_text?: string | null;
  late?: boolean;
  events?: TimelineEvent[];
}

export interface ShipmentTimelineContent {
  kind: "shipment_timeline";
  text: string;
  order_number: string;
  parcels: Parcel[];
  buttons?: Button[];
}

export interface StoreCard {
  name: string;
  address: string;
  hours_text?: string | null;
  map_url?: string | null;
}

export interface StoreCardsContent {
  kind: "store_cards";
  text: string;
  stores: StoreCard[];
  buttons?: Button[];
}

export interface ProposalContent {
  kind: "proposal";
  text: string;
  proposal_id: string;
  expires_at: string;
  changes: { label: string; detail?: string | null }[];
  buttons?: Button[];
}

export interface ImageContent {
  kind: "image";
  text: string;
  url: string;
  width?: number | null;
  height?: number | null;
}

export type Content =
  | TextContent
  | QuickRepliesContent
  | ProductCardsContent
  | OrderCardContent
  | ShipmentTimelineContent
  | StoreCardsContent
  | ProposalContent
  | ImageContent;

export type Author = "shopper" | "assistant" | "agent" | "system";

/**
 * A message of the conversation. `seq` orders it; `client_id` is what its sender called it; `reply_to` is the message
 * it answers. The last three are there when the gateway gives them.
 */
export interface Message {
  seq: number;
  author: Author;
  at: string;
  content: Content;
  reply_to?: number | null;
  author_name?: string | null;
  client_id?: string | null;
}

/** What GET answers and the socket sends. */
export interface Frame {
  messages: Message[];
  typing: boolean;
}

export interface PageHint {
  sku: string | null;
  order: string | null;
}

export interface SessionRequest {
  language: string | null;
  identity_token: string | null;
  page: PageHint | null;
}

export interface SessionResponse {
  conversation_id: string;
  token: string;
  expires_at: string;
  messages: Message[];
}

/** What a shopper sends: words, a press on a button, a picture that was uploaded, or a product that was picked. */
export type Input =
  { text: string } | { button_id: string } | { image_id: string } | { pick: { sku: string } };
