/** What every page of the console loads: htmx with its server-sent events, the keys, and being given conversations. */

import "htmx.org";
import "htmx.org/dist/ext/hx-sse.js";
import { offer } from "./available";
import { listen } from "./keys";
import { stay } from "./live";

stay(document);
listen(document);
offer(document);
