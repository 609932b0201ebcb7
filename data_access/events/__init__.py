"""What of a guarded event asks for ground: its things judged whole, and what lies within its zones.

``ground``: shapes read and compared; ``judge``: a batch of changes judged before it is a version;
``reach``: rows within the zones in force belong to the event, so that its members see them.
"""
