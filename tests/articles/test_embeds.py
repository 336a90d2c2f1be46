"""What is known of an address elsewhere, without asking anybody."""

from urllib.parse import urlsplit

from django.conf import settings
from django.test import SimpleTestCase

from articles.publishing.embeds import describe


class DescribeTests(SimpleTestCase):
    def test_the_services_are_known_by_their_addresses(self):
        for address, provider, kind, identifier in [
            ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=3", "YouTube", "video", "dQw4w9WgXcQ"),
            ("https://youtu.be/dQw4w9WgXcQ?si=x", "YouTube", "video", "dQw4w9WgXcQ"),
            ("https://m.youtube.com/shorts/dQw4w9WgXcQ", "YouTube", "video", "dQw4w9WgXcQ"),
            ("https://vimeo.com/76979871", "Vimeo", "video", "76979871"),
            ("https://www.dailymotion.com/video/x8abcd", "Dailymotion", "video", "x8abcd"),
            ("https://x.com/avion/status/1234567890", "X", "post", "1234567890"),
            ("https://twitter.com/avion/status/1234567890", "X", "post", "1234567890"),
            ("https://bsky.app/profile/avion.fr/post/3kabc", "Bluesky", "post", ""),
            ("https://piaille.fr/@avion/109876543210", "Mastodon (piaille.fr)", "post", ""),
            ("https://exemple.fr/rapport.PDF", "exemple.fr", "document", ""),
            ("https://exemple.fr/page", "exemple.fr", "page", ""),
        ]:
            embed = describe(address)
            self.assertEqual((embed.provider, embed.kind), (provider, kind), address)
            self.assertEqual(bool(embed.player), bool(identifier), address)
            self.assertIn(identifier, embed.player)

    def test_nothing_strange_gets_into_a_player(self):
        for address in [
            "https://www.youtube.com/watch?v=%22%3E%3Cscript",
            "https://youtube.com.evil.example/watch?v=dQw4w9WgXcQ",
            "https://vimeo.com/1/../../x",
            "https://[bad",
        ]:
            self.assertEqual(describe(address).player, "", address)

    def test_every_player_may_be_framed(self):
        for address in [
            "https://youtu.be/dQw4w9WgXcQ",
            "https://vimeo.com/76979871",
            "https://dai.ly/x8abcd",
            "https://x.com/avion/status/1234567890",
        ]:
            player = urlsplit(describe(address).player)
            self.assertIn(f"{player.scheme}://{player.netloc}", settings.SECURE_CSP["frame-src"])
