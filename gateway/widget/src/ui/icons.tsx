/** The widget's pictures, drawn here so that no image has to be fetched. All are decoration: words stand beside them. */

const PATHS = {
  chat: "M12 3C6.5 3 2 6.9 2 11.6c0 2.6 1.4 5 3.6 6.6-.1.9-.6 2.2-1.8 3.3 2 0 3.8-.9 5-1.9 1 .3 2.1.4 3.2.4 5.5 0 10-3.8 10-8.4S17.5 3 12 3Z",
  close: "m6 6 12 12M18 6 6 18",
  send: "M12 20V5m-6.5 6L12 4.5 18.5 11",
  person: "M12 12a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4Zm-8 8.4c.6-3.9 3.9-6 8-6s7.4 2.1 8 6",
  down: "M12 5v13m-6-6 6 6.5 6-6.5",
  parcel: "m3.5 7.5 8.5-4 8.5 4v9l-8.5 4-8.5-4v-9Zm0 0 8.5 4m0 0 8.5-4m-8.5 4v9M7.8 5.5l8.5 4",
  receipt: "M6 3.5h12v17l-3-2-3 2-3-2-3 2v-17Zm3 5h6m-6 4h6",
  pin: "M12 21s7-6 7-11.2A7 7 0 0 0 5 9.8C5 15 12 21 12 21Zm0-8.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2Z",
  check: "m5 12.5 4.5 4.5L19 7.5",
  image: "M4 5h16v14H4V5Zm0 11 5-5 4 4 2.5-2.5L20 17M15.5 9.5h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
