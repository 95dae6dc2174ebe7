"""Messages inside the app: kept here, fetched by the SDK."""
