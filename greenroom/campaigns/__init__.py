"""Planning and delivery: what creators are asked for, and what they delivered.

Nouns: Campaign, Participant, Order, Deliverable, Bulk, CampaignPost, Document, Acceptance.
A post comes into a campaign through TikTok's order (its link or its code) or a person, never by what its text says.
"""
