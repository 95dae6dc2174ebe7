"""What comes back: receipts of providers, and mails in the mailbox that bounces and replies go to."""
