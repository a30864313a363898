"""A stand-in for services of language models: OpenAI's two interfaces, Anthropic's and Google's, over HTTP on the
loopback."""
