"""What is known of each customer: their traits, computed per partition, and what staff read of them."""
