"""How a turn is run: the processor, the tracker and lock stores, and the adjustments to Rasa 3.6.21."""
