"""What a campaign is to be: goal, hypothesis, people, variants, messages, offer, money."""
