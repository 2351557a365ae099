"""The API: where the insurer's programs come in, each with a key. See docs/api.md."""
