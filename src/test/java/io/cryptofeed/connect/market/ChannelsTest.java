package io.cryptofeed.connect.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.cryptofeed.connect.market.ChannelField.Kind;
import io.cryptofeed.connect.market.ChannelField.Unit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelsTest {

  private static final ChannelField RATE =
      new ChannelField("rate", Kind.DECIMAL, false, Unit.NONE, "A rate.");

  private static ChannelLayout layout(String channel, String kind, String schema) {
    return new ChannelLayout(
        Channel.plain(channel), kind, schema, 1, "Documentation.", List.of(RATE), List.of());
  }

  private static ChannelLayout layout(ChannelField... fields) {
    return layout(List.of(), fields);
  }

  private static ChannelLayout layout(List<ChannelLayout.Level> levels, ChannelField... fields) {
    return new ChannelLayout(
        Channel.plain("rates"), "rate", "Rate", 1, "Documentation.", List.of(fields), levels);
  }

  @Test
  void lists_plain_channels_by_name_after_books_and_before_what_cannot_be_subscribed() {
    ChannelLayout candles = layout("candles", "candle", "Candle");
    ChannelLayout ticker = layout("ticker", "ticker", "Ticker");

    assertThat(Channels.of(ticker, Quotes.LAYOUT, candles).all())
        .containsExactly(
            Channel.TRADES,
            Channel.L2_BOOK,
            candles.channel(),
            Channel.QUOTES,
            ticker.channel(),
            Channel.L2_SNAPSHOT,
            Channel.FEED_STATUS);
  }

  @Test
  void only_data_of_an_exchange_can_be_subscribed() {
    assertThat(Channels.BUILT_IN.all().stream().filter(Channel::isSubscribable))
        .containsExactly(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"l2_book", " L2-BOOK ", "L2_Book"})
  void finds_a_channel_by_its_name_in_any_case(String text) {
    assertThat(Channels.BUILT_IN.parse(text)).hasValue(Channel.L2_BOOK);
    assertThat(Channels.BUILT_IN.parse("l3_book")).isEmpty();
  }

  @Test
  void two_channels_of_one_name_kind_or_schema_are_an_error() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Channels.of(Quotes.LAYOUT, layout("quotes", "other", "Other")))
        .withMessage("two channels have the channel 'quotes'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Channels.of(layout("trades", "other", "Other")))
        .withMessage("two channels have the channel 'trades'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Channels.of(Quotes.LAYOUT, layout("other", "quote", "Other")))
        .withMessage("two channels have the kind of message 'quote'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Channels.of(Quotes.LAYOUT, layout("other", "other", "io.cryptofeed.Quote")))
        .withMessage("two channels have the schema 'io.cryptofeed.Quote'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"time", "symbol", "origin", "size_unit", "levels", "Rate", "1st", ""})
  void a_field_cannot_have_a_name_that_profiles_or_records_use(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layout(new ChannelField(name, Kind.TEXT, true, Unit.NONE, "A text.")))
        .withMessageContaining("'" + name + "'");
  }

  @Test
  void two_fields_of_one_name_are_an_error() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layout(RATE, RATE))
        .withMessage("rates: the name 'rate' is used twice, or reserved");
  }

  @Test
  void a_layout_without_fields_is_an_error() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layout())
        .withMessage("rates has 0 fields, and must have 1 to 64");
  }

  @Test
  void a_sequence_is_a_whole_number() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> layout(new ChannelField("sequence", Kind.TEXT, true, Unit.NONE, "A text.")))
        .withMessage("rates: field 'sequence' must be of kind LONG");
  }

  @Test
  void a_level_is_an_optional_price_and_an_optional_size() {
    ChannelField price = new ChannelField("price", Kind.DECIMAL, true, Unit.PRICE, "A price.");
    ChannelField size = new ChannelField("size", Kind.DECIMAL, false, Unit.SIZE, "A size.");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> layout(List.of(new ChannelLayout.Level("bids", 0, 1)), price, size))
        .withMessage("rates: field 'size' of a level must be an optional decimal of unit SIZE");
  }
}
