"""How satisfied shoppers were: asked once at the end, never during a complaint."""
