using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Smxp.Host.Auth;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Auth;

public class SignInTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Answers_a_session_of_seven_days()
    {
        await fixture.AddAccountAsync("anna");
        long now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var session = (await fixture.LoginAsync("anna")).Is(HttpStatusCode.OK);
        Assert.Matches("^smxp_ses_[A-Za-z0-9_-]{43}$", session.Text("token"));
        Assert.InRange(session["expires_at"].GetInt64(), now + 604_790, now + 604_810);
        Assert.NotEmpty(session.Text("token_id"));

        using var client = fixture.Server.NewClient(session.Text("token"));
        Assert.Equal("anna@example.test", (await client.AskAsync("/.smxp/account/info")).Text("address"));
    }

    [Fact]
    public async Task Aliases_and_domains_are_trimmed_and_lower_cased()
    {
        await fixture.AddAccountAsync("berta");
        (await fixture.LoginAsync(" Berta ", domain: " EXAMPLE.test ")).Is(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("carla", "wrong password")]
    [InlineData("nobody", ServerFixture.Password)]
    [InlineData("not/an@alias", ServerFixture.Password)]
    [InlineData("carla", "")]
    public async Task Wrong_credentials_do_not_say_what_was_wrong(string alias, string password)
    {
        if (alias == "carla" && password.Length > 0) await fixture.AddAccountAsync("carla");
        var answer = await fixture.LoginAsync(alias, password);
        if (password.Length == 0) answer.Refuses(HttpStatusCode.BadRequest, "alias, domain and password are required");
        else answer.Refuses(HttpStatusCode.Unauthorized, "invalid credentials");
    }

    [Fact]
    public async Task Nobody_signs_in_to_an_inbox_without_a_password()
    {
        await fixture.Server.AddInboxAsync("doris@example.test");
        (await fixture.LoginAsync("doris")).Refuses(HttpStatusCode.Unauthorized, "invalid credentials");
    }

    [Fact]
    public async Task Signing_out_ends_the_token_at_once()
    {
        await fixture.AddAccountAsync("emma");
        using var client = await fixture.SignedInAsync("emma");
        (await client.AskAsync("/.smxp/account/info")).Is(HttpStatusCode.OK);
        Assert.Equal("logged_out", (await client.PostAsync("/.smxp/auth/logout")).Text("status"));
        (await client.AskAsync("/.smxp/account/info")).Refuses(HttpStatusCode.Unauthorized, "unauthorized");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer")]
    [InlineData("Bearer smxp_ses_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("Basic smxp_ses_AAAA")]
    [InlineData("Bearer nonsense")]
    public async Task Requests_without_a_valid_token_are_refused_before_their_body_is_read(string authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.smxp/delegations") { Content = Json("{ not json") };
        if (authorization.Length > 0) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await fixture.Server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("unauthorized", (await response.Content.ReadFromJsonAsync<Dictionary<string, string>>())!["error"]);
    }

    [Fact]
    public async Task A_token_in_the_query_counts_for_nothing()
    {
        string token = await fixture.Server.AddInboxAsync("frieda@example.test");
        (await fixture.Server.Http.AskAsync($"/.smxp/account/info?token={token}")).Is(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"alias":1,"domain":"example.test","password":"x"}""")]
    [InlineData("""{"alias":"anna","domain":"example.test","password":null}""")]
    [InlineData("{\"alias\":\"anna\",")]
    public async Task Malformed_requests_are_400(string json)
    {
        var answer = await fixture.Server.Http.AskAsync(HttpMethod.Post, "/.smxp/auth/login", Json(json));
        Assert.NotNull(answer.Is(HttpStatusCode.BadRequest).Error);
    }

    [Fact]
    public async Task Oversized_requests_are_413() =>
        (await fixture.Server.Http.AskAsync(HttpMethod.Post, "/.smxp/auth/login", Json($$"""{"alias":"{{new string('a', 100_000)}}"}"""))).Is(HttpStatusCode.RequestEntityTooLarge);

    [Fact]
    public async Task A_hash_with_other_parameters_is_made_anew_at_the_next_sign_in()
    {
        var address = Address.Parse("greta@example.test");
        var state = fixture.Server.Services.GetRequiredService<IStateStore>();
        const string Dated = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        await state.Addresses.AddAsync(new AddressRecord(address, Dated, 0), CancellationToken.None);

        (await fixture.LoginAsync("greta", "password")).Is(HttpStatusCode.OK);
        Assert.StartsWith("$argon2id$v=19$m=65536,t=3,p=1$", (await state.Addresses.FindAsync(address, CancellationToken.None))!.PasswordHash, StringComparison.Ordinal);
        (await fixture.LoginAsync("greta", "password")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Mail_clients_sign_in_with_the_password_or_one_of_their_own_api_keys()
    {
        await fixture.AddAccountAsync("hanna");
        using var client = await fixture.SignedInAsync("hanna");
        string key = (await client.PostAsync("/.smxp/auth/apikeys", new { name = "mail client" })).Text("token");
        var authenticator = fixture.Server.Services.GetRequiredService<Authenticator>();
        var (hanna, anybody) = (Address.Parse("hanna@example.test"), Address.Parse("ida@example.test"));

        Assert.True(await authenticator.WithSecretAsync(hanna, ServerFixture.Password, "192.0.2.1", CancellationToken.None));
        Assert.True(await authenticator.WithSecretAsync(hanna, key, "192.0.2.1", CancellationToken.None));
        Assert.False(await authenticator.WithSecretAsync(anybody, key, "192.0.2.1", CancellationToken.None));
        Assert.False(await authenticator.WithSecretAsync(hanna, key + "x", "192.0.2.1", CancellationToken.None));
        Assert.False(await authenticator.WithSecretAsync(hanna, (await fixture.LoginAsync("hanna")).Text("token"), "192.0.2.1", CancellationToken.None));
    }

    private static StringContent Json(string text) => new(text, System.Text.Encoding.UTF8, "application/json");
}
