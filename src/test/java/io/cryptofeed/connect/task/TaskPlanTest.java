package io.cryptofeed.connect.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.ccxt.PlainOptions;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.Provider;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class TaskPlanTest {

  @Test
  void one_task_takes_everything() {
    assertThat(plans(1, exchange("a", 2), exchange("b", 1))).containsExactly("a=S0-X,S1-X;b=S0-X");
  }

  @Test
  void as_many_tasks_as_exchanges_take_one_each() {
    assertThat(plans(2, exchange("a", 2), exchange("b", 1)))
        .containsExactly("a=S0-X,S1-X", "b=S0-X");
  }

  @Test
  void with_fewer_tasks_the_heaviest_exchange_does_not_share() {
    assertThat(plans(2, exchange("a", 1), exchange("b", 5), exchange("c", 2)))
        .containsExactly("b=S0-X,S1-X,S2-X,S3-X,S4-X", "c=S0-X,S1-X;a=S0-X");
  }

  @Test
  void with_more_tasks_the_heaviest_exchange_is_split() {
    assertThat(plans(3, exchange("a", 2), exchange("b", 5)))
        .containsExactly("a=S0-X,S1-X", "b=S0-X,S1-X", "b=S2-X,S3-X,S4-X");
  }

  @Test
  void channels_count_as_much_as_symbols() {
    ExchangeConfig twoChannels =
        new ExchangeConfig(
            "a",
            Set.of(Channel.TRADES, Channel.L2_BOOK),
            symbols(3),
            "symbols",
            UnlistedSymbols.FAIL,
            new Provider.Native(VenueOptions.LIVE));
    assertThat(plans(3, twoChannels, exchange("b", 4)))
        .containsExactly("a=S0-X", "a=S1-X,S2-X", "b=S0-X,S1-X,S2-X,S3-X");
  }

  @Test
  void there_are_never_more_tasks_than_symbols() {
    assertThat(plans(10, exchange("a", 1), exchange("b", 2)))
        .containsExactly("a=S0-X", "b=S0-X", "b=S1-X");
  }

  @Test
  void each_task_takes_its_share_of_the_symbols_of_a_pattern() {
    ExchangeConfig exchange =
        new ExchangeConfig(
            "a",
            Set.of(Channel.TRADES),
            List.of("*-X", "BTC-Y"),
            "symbols",
            UnlistedSymbols.FAIL,
            new Provider.Native(VenueOptions.LIVE));
    assertThat(plans(1, exchange)).containsExactly("a=BTC-Y,*-X");
    assertThat(plans(3, exchange)).containsExactly("a=*-X:0:3", "a=*-X:1:3", "a=BTC-Y,*-X:2:3");
  }

  @Test
  void an_exchange_served_by_ccxt_is_divided_and_parsed_like_any_other() {
    ExchangeConfig bitrue =
        new ExchangeConfig(
            "bitrue",
            Set.of(Channel.TRADES),
            List.of("*-USDT", "BTC-EUR"),
            "symbols",
            UnlistedSymbols.FAIL,
            new Provider.Ccxt(PlainOptions.of("bitrue")));
    List<TaskPlan> plans = TaskPlan.divide(List.of(exchange("a", 1), bitrue), 3);

    assertThat(plans)
        .extracting(TaskPlan::toString)
        .containsExactly("a=S0-X", "bitrue=*-USDT:0:2", "bitrue=BTC-EUR,*-USDT:1:2");
    assertThat(TaskPlan.parse("bitrue=*-USDT:0:2", List.of(bitrue))).isEqualTo(plans.get(1));
  }

  @Test
  void every_symbol_is_in_exactly_one_task_for_any_numbers() {
    forAll(
        (exchanges, maxTasks) -> {
          List<TaskPlan> plans = TaskPlan.divide(exchanges, maxTasks);
          int symbols = exchanges.stream().mapToInt(exchange -> exchange.symbols().size()).sum();
          assertThat(plans).hasSize(Math.min(maxTasks, symbols));
          Set<String> seen = new HashSet<>();
          for (TaskPlan plan : plans) {
            assertThat(plan.exchanges()).isNotEmpty();
            for (ExchangeConfig exchange : plan.exchanges()) {
              assertThat(exchange.symbols()).isNotEmpty();
              for (String symbol : exchange.symbols()) {
                assertThat(seen.add(exchange.id() + symbol)).isTrue();
              }
            }
          }
          assertThat(seen).hasSize(symbols);
        });
  }

  @Test
  void the_same_input_results_in_the_same_plans() {
    forAll(
        (exchanges, maxTasks) ->
            assertThat(TaskPlan.divide(exchanges, maxTasks))
                .isEqualTo(TaskPlan.divide(exchanges, maxTasks)));
  }

  @Test
  void
      no_task_has_more_than_twice_the_fair_share_unless_it_has_one_exchange_that_cannot_be_split() {
    forAll(
        (exchanges, maxTasks) -> {
          List<TaskPlan> plans = TaskPlan.divide(exchanges, maxTasks);
          int total = exchanges.stream().mapToInt(exchange -> exchange.symbols().size()).sum();
          for (TaskPlan plan : plans) {
            int load = plan.exchanges().stream().mapToInt(part -> part.symbols().size()).sum();
            boolean mayBeLarge = plan.exchanges().size() == 1 && maxTasks < exchanges.size();
            if (!mayBeLarge) {
              assertThat((double) load).isLessThanOrEqualTo(2.0 * total / plans.size() + 1);
            }
          }
        });
  }

  @Test
  void a_plan_is_parsed_from_its_text() {
    forAll(
        (exchanges, maxTasks) -> {
          for (TaskPlan plan : TaskPlan.divide(exchanges, maxTasks)) {
            assertThat(TaskPlan.parse(plan.toString(), exchanges)).isEqualTo(plan);
          }
        });
  }

  @Test
  void a_plan_for_another_configuration_is_rejected() {
    for (String text : new String[] {"", "x=A-B", "a"}) {
      assertThatExceptionOfType(ConfigException.class)
          .isThrownBy(() -> TaskPlan.parse(text, List.of(exchange("a", 1))))
          .withMessageContaining("task.plan");
    }
  }

  private interface Property {
    void check(List<ExchangeConfig> exchanges, int maxTasks);
  }

  /** All connectors of up to four exchanges with one to five symbols, on one to thirteen tasks. */
  private static void forAll(Property property) {
    for (int count = 1; count <= 4; count++) {
      for (int code = 0; code < Math.pow(5, count); code++) {
        List<ExchangeConfig> exchanges = new ArrayList<>();
        for (int i = 0, rest = code; i < count; i++, rest /= 5) {
          exchanges.add(exchange("e" + i, 1 + rest % 5));
        }
        for (int maxTasks = 1; maxTasks <= 13; maxTasks++) {
          property.check(exchanges, maxTasks);
        }
      }
    }
  }

  private static List<String> plans(int maxTasks, ExchangeConfig... exchanges) {
    return TaskPlan.divide(List.of(exchanges), maxTasks).stream().map(TaskPlan::toString).toList();
  }

  private static ExchangeConfig exchange(String id, int symbols) {
    return new ExchangeConfig(
        id,
        Set.of(Channel.TRADES),
        symbols(symbols),
        "symbols",
        UnlistedSymbols.FAIL,
        new Provider.Native(VenueOptions.LIVE));
  }

  private static List<String> symbols(int count) {
    return IntStream.range(0, count).mapToObj(i -> "S" + i + "-X").toList();
  }
}
