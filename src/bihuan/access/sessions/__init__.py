"""Sessions of members: logging in, cookies, protection against forged requests and guessing."""
