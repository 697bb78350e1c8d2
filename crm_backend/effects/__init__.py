"""Work for other systems, stored with the change that asks for it, delivered under one id, answered."""
