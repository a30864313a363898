"""A stand-in for services of language models: OpenAI's two interfaces and Anthropic's, over HTTP on the loopback."""
