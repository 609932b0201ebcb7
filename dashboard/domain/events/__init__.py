"""Owns what a guarded event 重大活动保障 is made of, and how it is judged.

``things``: zones, routes, venue points, posts and the programme; ``versions``: what of them holds
when; ``reports``: zero reports 零报告; ``hazards``: the list of hazards 隐患清单; ``coverage``:
where a route has no camera. Ground itself is judged by ``data_access.events.ground``.
"""
