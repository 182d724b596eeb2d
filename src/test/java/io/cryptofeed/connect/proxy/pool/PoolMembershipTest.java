package io.cryptofeed.connect.proxy.pool;

import static io.cryptofeed.connect.proxy.pool.PoolWorld.request;
import static io.cryptofeed.connect.proxy.pool.PoolWorld.url;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.pool.MemberState.Circuit;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.Sticky;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens when members come and go. */
class PoolMembershipTest {

  private static void become(PoolWorld world, String... hosts) {
    List<MemberSettings> members =
        Arrays.stream(hosts).map(host -> MemberSettings.of(url(host))).toList();
    world.pool().setMembers(members, world.now);
  }

  private static List<String> hosts(PoolWorld world) {
    return world.pool().states(world.now).stream()
        .map(state -> state.member().url().host())
        .toList();
  }

  @Test
  void keeps_the_state_of_a_member_that_stays() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.breaks("a");
    Member before = world.member("a");
    become(world, "b", "a", "c");

    assertThat(world.member("a")).isSameAs(before);
    assertThat(world.state("a").circuit()).isEqualTo(Circuit.OPEN);
    assertThat(hosts(world)).containsExactly("b", "a", "c");
  }

  @Test
  void takes_over_weight_region_and_priority() {
    PoolWorld world = PoolWorld.of("a", "b");
    MemberSettings first = new MemberSettings(url("a"), 2, "EU", 9, true);
    world.pool().setMembers(List.of(first, MemberSettings.of(url("b"))), world.now);

    assertThat(world.member("a").settings()).isEqualTo(first);
    assertThat(world.member("a").region()).isEqualTo("EU");
    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void takes_the_same_host_with_another_user_for_another_member() {
    PoolWorld world = PoolWorld.of("alice:secret@a");
    world.breaks("a");
    become(world, "bob:secret@a");

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }

  @Test
  void takes_a_url_that_is_listed_twice_for_one_member() {
    PoolWorld world = PoolWorld.of("a");
    become(world, "a", "b", "a");

    assertThat(hosts(world)).containsExactly("a", "b");
  }

  @Test
  void lets_a_member_that_has_left_drain() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.opens("a");
    world.opens("a");
    become(world, "b");
    assertThat(world.pick()).isEqualTo("b");
    assertThat(world.state("a").draining()).isTrue();
    assertThat(world.state("a").active()).isEqualTo(2);
    Member leaving = world.member("a");
    world.pool().closed(leaving, request(), world.now);
    assertThat(hosts(world)).containsExactly("b", "a");
    world.pool().closed(leaving, request(), world.now);

    assertThat(hosts(world)).containsExactly("b");
  }

  @Test
  void forgets_a_member_without_connections_at_once() {
    PoolWorld world = PoolWorld.of("a", "b");
    become(world, "b");

    assertThat(hosts(world)).containsExactly("b");
  }

  @Test
  void counts_a_connection_through_a_member_that_has_just_left() {
    PoolWorld world = PoolWorld.of("a", "b");
    Member chosen = world.member("a");
    become(world, "b");
    world.pool().opening(chosen, request(), world.now);
    assertThat(world.state("a").active()).isEqualTo(1);
    world.pool().closed(chosen, request(), world.now);

    assertThat(hosts(world)).containsExactly("b");
  }

  @Test
  void takes_back_a_member_that_drains() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.opens("a");
    Member before = world.member("a");
    become(world, "b");
    become(world, "b", "a");

    assertThat(world.member("a")).isSameAs(before);
    assertThat(world.state("a").draining()).isFalse();
    assertThat(world.state("a").active()).isEqualTo(1);
    world.closes("a");
    assertThat(hosts(world)).containsExactly("b", "a");
  }

  @Test
  void gives_a_connection_of_a_member_that_has_left_another() {
    PoolWorld world = PoolWorld.of("a", "b").sticky(Sticky.CONNECTION);
    world.pick();
    become(world, "b");

    assertThat(world.pick()).isEqualTo("b");
  }

  @Test
  void chooses_nobody_when_all_have_left() {
    PoolWorld world = PoolWorld.of("a");
    become(world);

    assertThat(world.pick()).isEqualTo("none");
  }

  @Test
  void tells_how_many_have_come_and_gone() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.opens("a");
    become(world, "b", "c", "d");
    become(world, "a", "b", "c", "d");
    become(world, "d", "c", "b", "a");

    assertThat(world.told).containsExactly("members +2 -1 =3", "members +1 -0 =4");
  }

  @Test
  void needs_no_witness_that_has_left() {
    PoolWorld world = PoolWorld.of("a", "b");
    world.works("b");
    become(world, "a");
    for (int i = 0; i < 5; i++) {
      world.fails("a", FailureKind.AMBIGUOUS);
    }

    assertThat(world.state("a").circuit()).isEqualTo(Circuit.CLOSED);
  }
}
