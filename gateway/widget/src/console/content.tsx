/** What a message says, as agents read it: its words, and what was drawn for the shopper as plain lists. */

import { cardAddress } from "../links";
import type { Content, Parcel } from "../protocol/wire";
import type { Words } from "./words";

interface Said {
  content: Content;
  words: Words;
}

export function Said({ content, words }: Said) {
  const buttons = "buttons" in content ? (content.buttons ?? []) : [];
  return (
    <>
      <p class="words">{content.text}</p>
      <Drawn content={content} words={words} />
      {buttons.length > 0 && (
        <ul class="offered" aria-label={words["buttons_offered"]}>
          {buttons.map(({ id, label }) => (
            <li key={id}>{label}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function Drawn({ content, words }: Said) {
  switch (content.kind) {
    case "order_card":
      return (
        <div class="drawn" role="group" aria-label={`${words["order"]} ${content.order_number}`}>
          <p>
            <strong>
              {words["order"]} {content.order_number}
            </strong>{" "}
            <span class="tag">{content.state_text}</span>{" "}
            {content.placed_text && <span class="hint">{content.placed_text}</span>}
          </p>
          {content.lines && content.lines.length > 0 && (
            <ul>
              {content.lines.map((line, index) => (
                <li key={index}>
                  {line.quantity} × {line.title}
                  {line.options && ` (${line.options})`}{" "}
                  {line.total && <span class="amount">{line.total.text}</span>}
                </li>
              ))}
            </ul>
          )}
          {content.total && (
            <p>
              {words["total"]} <strong>{content.total.text}</strong>
            </p>
          )}
        </div>
      );
    case "shipment_timeline":
      return (
        <>
          {content.parcels.map((parcel, index) => (
            <ParcelPart
              key={index}
              parcel={parcel}
              title={content.parcels.length > 1 ? `${words["parcel"]} ${index + 1}` : (words["parcel"] ?? "")}
              words={words}
            />
          ))}
        </>
      );
    case "product_cards":
      return (
        <ul class="drawn">
          {content.products.map((product) => (
            <li key={product.sku}>
              {product.title} <code>{product.sku}</code> {product.price?.text}{" "}
              {product.availability_text && <span class="hint">{product.availability_text}</span>}
            </li>
          ))}
        </ul>
      );
    case "store_cards":
      return (
        <ul class="drawn">
          {content.stores.map((store, index) => (
            <li key={index}>
              <strong>{store.name}</strong> {store.address}{" "}
              {store.hours_text && <span class="hint">{store.hours_text}</span>}
            </li>
          ))}
        </ul>
      );
    case "proposal":
      return (
        <ul class="drawn">
          {content.changes.map((change, index) => (
            <li key={index}>
              {change.label}
              {change.detail && `: ${change.detail}`}
            </li>
          ))}
        </ul>
      );
    case "image": {
      const address = cardAddress(content.url, document.baseURI);
      if (!address) return null;
      return (
        <a class="photo" href={address} target="_blank" rel="noopener noreferrer" title={words["image"]}>
          <img
            src={address}
            alt={content.text || (words["image"] ?? "")}
            width={content.width ?? undefined}
            height={content.height ?? undefined}
            loading="lazy"
          />
        </a>
      );
    }
    default:
      return null;
  }
}

function ParcelPart({ parcel, title, words }: { parcel: Parcel; title: string; words: Words }) {
  return (
    <div class="drawn" role="group" aria-label={title}>
      <p>
        <strong>{title}</strong> <span class={parcel.late ? "tag warn" : "tag"}>{parcel.state_text}</span>{" "}
        {parcel.carrier} {parcel.tracking_number && <code>{parcel.tracking_number}</code>}{" "}
        {parcel.promised_text && (
          <span class="hint">
            {words["promised"]} {parcel.promised_text}
          </span>
        )}
      </p>
      {parcel.events && parcel.events.length > 0 && (
        <ol class="timeline">
          {parcel.events.map((event, index) => (
            <li key={index}>
              {event.label}
              {event.place && `, ${event.place}`} {event.at_text && <span class="hint">{event.at_text}</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
