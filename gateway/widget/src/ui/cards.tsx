/** What is drawn beside a message's words. A kind that this widget does not know is left to its words. */

import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Conversation } from "../conversation";
import type { Localisation } from "../i18n";
import { cardAddress } from "../links";
import type {
  Content,
  ImageContent,
  OrderCardContent,
  Parcel,
  ProductCard,
  ProductCardsContent,
  ProposalContent,
  ShipmentTimelineContent,
  StoreCardsContent,
  TimelineEvent,
} from "../protocol/wire";
import { Icon } from "./icons";

interface CardProps<C extends Content> {
  content: C;
  words: Localisation;
}

export function Card({
  content,
  words,
  gateway,
  conversation,
}: CardProps<Content> & { gateway: string; conversation: Conversation }) {
  switch (content.kind) {
    case "order_card":
      return <OrderCard content={content} words={words} />;
    case "shipment_timeline":
      return <ShipmentTimeline content={content} words={words} />;
    case "product_cards":
      return <ProductCards content={content} words={words} conversation={conversation} />;
    case "store_cards":
      return <StoreCards content={content} words={words} />;
    case "proposal":
      return <Proposal content={content} words={words} />;
    case "image":
      return <Image content={content} words={words} gateway={gateway} />;
    default:
      return null;
  }
}

/** Whether the card holds all that the message's text says, so that showing both would say it twice. */
export function saysAll(content: Content): boolean {
  return content.kind === "order_card" || content.kind === "shipment_timeline" || content.kind === "image";
}

/** States that end well or badly are coloured so; the words always say it too. */
const TONES: Record<string, string> = {
  delivered: "good",
  ready_for_pickup: "good",
  cancelled: "bad",
  exception: "bad",
  returned: "bad",
  unavailable: "bad",
};

function Chip({ state, children }: { state: string; children: ComponentChildren }) {
  return <span class={`chip ${TONES[state] ?? ""}`}>{children}</span>;
}

function OrderCard({ content, words }: CardProps<OrderCardContent>) {
  const placed =
    content.placed_text ??
    (content.placed_at ? words.text("order_placed", { date: words.date(content.placed_at) }) : null);
  const lines = content.lines ?? [];
  return (
    <div class="card">
      <div class="card-head">
        <Icon name="receipt" />
        <h3>{words.text("order", { number: content.order_number })}</h3>
        <Chip state={content.state}>{content.state_text}</Chip>
      </div>
      {placed && <p class="muted">{placed}</p>}
      {lines.length > 0 && (
        <ul class="lines" aria-label={words.text("items")}>
          {lines.map((line) => (
            <li>
              <span class="quantity">
                <span aria-hidden="true">{words.number(line.quantity)} ×</span>
                <span class="unseen">{words.text("quantity", { count: words.number(line.quantity) })}</span>
              </span>
              <span class="line-title">
                {line.title}
                {line.options && <small>{line.options}</small>}
              </span>
              {line.total && <span class="amount">{line.total.text}</span>}
            </li>
          ))}
        </ul>
      )}
      {content.total && (
        <p class="total">
          <span>{words.text("total")}</span>
          <span class="amount">{content.total.text}</span>
        </p>
      )}
    </div>
  );
}

function ShipmentTimeline({ content, words }: CardProps<ShipmentTimelineContent>) {
  return (
    <div class="card">
      <div class="card-head">
        <Icon name="parcel" />
        <h3>{words.text("shipment", { number: content.order_number })}</h3>
      </div>
      {content.parcels.map((parcel, index) => (
        <ParcelPart
          parcel={parcel}
          title={
            content.parcels.length > 1
              ? words.text("parcel_of", { number: index + 1, count: content.parcels.length })
              : words.text("parcel")
          }
          words={words}
        />
      ))}
    </div>
  );
}

/** This many of the latest scans are shown; the earlier ones unfold. */
const SCANS_SHOWN = 3;

function ParcelPart({ parcel, title, words }: { parcel: Parcel; title: string; words: Localisation }) {
  const promised =
    parcel.promised_text ?? (parcel.promised_on ? words.calendarDay(parcel.promised_on) : null);
  const latestFirst = [...(parcel.events ?? [])].reverse();
  const earlier = latestFirst.slice(SCANS_SHOWN);
  return (
    <div class="parcel">
      <div class="parcel-head">
        <h4>{title}</h4>
        <span class="chips">
          <Chip state={parcel.state}>{parcel.state_text}</Chip>
          {parcel.late && (
            <span class="chip warn">
              {words.text(parcel.state === "delivered" ? "late_delivered" : "late")}
            </span>
          )}
        </span>
      </div>
      <dl class="facts">
        {promised && (
          <div>
            <dt>{words.text("expected")}</dt>
            <dd class="promised">{promised}</dd>
          </div>
        )}
        {parcel.carrier && (
          <div>
            <dt>{words.text("carrier")}</dt>
            <dd>{parcel.carrier}</dd>
          </div>
        )}
        {parcel.tracking_number && (
          <div>
            <dt>{words.text("tracking_number")}</dt>
            <dd>
              <TrackingNumber number={parcel.tracking_number} words={words} />
            </dd>
          </div>
        )}
      </dl>
      {latestFirst.length === 0 && <p class="muted">{words.text("no_events")}</p>}
      <Scans events={latestFirst.slice(0, SCANS_SHOWN)} latest words={words} />
      {earlier.length > 0 && (
        <details>
          <summary>{words.count("events_earlier", earlier.length)}</summary>
          <Scans events={earlier} words={words} />
        </details>
      )}
    </div>
  );
}

function Scans({
  events,
  latest,
  words,
}: {
  events: TimelineEvent[];
  latest?: boolean;
  words: Localisation;
}) {
  if (!events.length) return null;
  return (
    <ol class={latest ? "scans latest" : "scans"}>
      {events.map((event) => (
        <li>
          <span class="scan-label">{event.label}</span>
          <span class="muted">
            {event.place && <span>{event.place}</span>}
            {event.at ? (
              <time dateTime={event.at}>{event.at_text ?? words.moment(event.at)}</time>
            ) : (
              <span>{event.at_text ?? words.text("time_unknown")}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

function TrackingNumber({ number, words }: { number: string; words: Localisation }) {
  const [copied, setCopied] = useState(false);
  const clipboard = navigator.clipboard as Clipboard | undefined;
  return (
    <>
      <code>{number}</code>
      {clipboard && (
        <button
          type="button"
          class="link-button"
          aria-label={copied ? words.text("copied") : words.text("copy_tracking", { number })}
          onClick={() => void clipboard.writeText(number).then(() => setCopied(true))}
        >
          {copied ? words.text("copied") : words.text("copy")}
        </button>
      )}
    </>
  );
}

function ProductCards({
  content,
  words,
  conversation,
}: CardProps<ProductCardsContent> & { conversation: Conversation }) {
  return (
    <ul class="carousel" tabIndex={0} aria-label={words.text("products")}>
      {content.products.map((product) => (
        <Product product={product} words={words} conversation={conversation} />
      ))}
    </ul>
  );
}

function Product({
  product,
  words,
  conversation,
}: {
  product: ProductCard;
  words: Localisation;
  conversation: Conversation;
}) {
  const [broken, setBroken] = useState(false);
  const picture = cardAddress(product.image_url, document.baseURI);
  const page = cardAddress(product.url, document.baseURI);
  const elsewhere = page !== null && new URL(page).origin !== location.origin;
  return (
    <li class="card product">
      <div class="picture">
        {picture && !broken ? (
          <img src={picture} alt="" loading="lazy" onError={() => setBroken(true)} />
        ) : (
          <Icon name="image" />
        )}
      </div>
      <p class="product-title">
        {page ? (
          <a href={page} {...(elsewhere ? { target: "_blank", rel: "noopener" } : {})}>
            {product.title}
          </a>
        ) : (
          product.title
        )}
      </p>
      {product.price && <p class="price">{product.price.text}</p>}
      {product.availability_text && <p class="muted">{product.availability_text}</p>}
      <button
        type="button"
        class="link-button"
        aria-label={words.text("pick_of", { title: product.title })}
        onClick={() => conversation.pick(product.sku, product.title)}
      >
        {words.text("pick")}
      </button>
    </li>
  );
}

function StoreCards({ content, words }: CardProps<StoreCardsContent>) {
  return (
    <ul class="stores" aria-label={words.text("stores")}>
      {content.stores.map((store) => {
        const map = cardAddress(store.map_url, document.baseURI);
        return (
          <li class="card store">
            <Icon name="pin" />
            <div>
              <h3>{store.name}</h3>
              <p>{store.address}</p>
              {store.hours_text && <p class="muted hours">{store.hours_text}</p>}
              {map && (
                <a
                  href={map}
                  target="_blank"
                  rel="noopener noreferrer"
                  aria-label={words.text("store_map_of", { name: store.name })}
                >
                  {words.text("store_map")}
                </a>
              )}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

function Proposal({ content, words }: CardProps<ProposalContent>) {
  const expired = Date.parse(content.expires_at) <= Date.now();
  return (
    <div class="card proposal">
      <div class="card-head">
        <Icon name="check" />
        <h3>{words.text("proposal")}</h3>
      </div>
      <ul class="changes">
        {content.changes.map((change) => (
          <li>
            <b>{change.label}</b>
            {change.detail && <span>{change.detail}</span>}
          </li>
        ))}
      </ul>
      <p class="muted">
        {expired
          ? words.text("proposal_expired")
          : words.text("proposal_expires", { time: words.moment(content.expires_at) })}
      </p>
    </div>
  );
}

function Image({ content, words, gateway }: CardProps<ImageContent> & { gateway: string }) {
  const [broken, setBroken] = useState(false);
  const address = cardAddress(content.url, gateway);
  if (!address || broken) return <div class="bubble">{content.text}</div>;
  return (
    <a
      class="photo"
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      title={words.text("image_open")}
    >
      <img
        src={address}
        alt={content.text || words.text("image_open")}
        width={content.width ?? undefined}
        height={content.height ?? undefined}
        onError={() => setBroken(true)}
      />
    </a>
  );
}
