"""The assistant's words as the shop wants them: changed in the console, in force with the next message."""
