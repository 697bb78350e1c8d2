/** Set by build.mjs: the minified style sheet of this bundle, and the file that holds the same rules. */
declare const __STYLES__: { text: string; file: string };

/** Set by build.mjs for the loader: the chat application's file name. */
declare const __CHAT_FILE__: string;
