"""Networks of charge-domain multipliers: columns on the virtual grounds of auto-zeroed neurons; and dies of them."""
