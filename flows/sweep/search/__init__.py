"""The smallest layout for so many bits, and the errors along the front by their sources.

Candidates are measured by the workers of a campaign.
"""
