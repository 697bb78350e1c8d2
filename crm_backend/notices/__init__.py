"""News of orders for shoppers on messaging platforms: a parcel late or delivered, a refund paid."""
