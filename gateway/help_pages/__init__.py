"""The shop's pages of answers, as shoppers read them."""
