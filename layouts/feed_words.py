"""Names of the feeds that come with Pingji, in both languages; any other feed has its own."""

from dashboard.domain.words import Words

FEED_WORDS: dict[str, Words] = {
    "sim:cases": Words("模拟案件", "Simulated cases"),
    "sim:readings": Words("模拟监测", "Simulated readings"),
    "sim:responders": Words("模拟处置力量", "Simulated responders"),
    "sim:assets": Words("模拟点位", "Simulated points"),
    "sim:warnings": Words("模拟预警", "Simulated warnings"),
    "sim:history": Words("模拟历史", "Simulated history"),
}
"""By the id of the feed."""
