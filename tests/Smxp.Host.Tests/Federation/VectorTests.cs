using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Smxp.Testing;

namespace Smxp.Host.Tests.Federation;

public sealed class VectorTests
{
    [Fact]
    public async Task Every_valid_vector_is_accepted_over_the_wire_and_every_other_refused()
    {
        JsonNode vectors = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Vectors", "envelopes.json")))!;
        await using ScriptedPeer peer = await ScriptedPeer.StartAsync("peer.test");
        peer.Instead = request => request.Query["kid"].ToString() is { Length: > 0 } kid ? Key(vectors, kid) : null;
        await using TestServer server = await TestServer.StartAsync(settings => settings.Hosts["peer.test"] = peer.Url);
        await server.AddInboxAsync("bob@local.test");

        foreach (JsonNode? vector in vectors["cases"]!.AsArray())
        {
            using HttpResponseMessage response = await server.Http.PostAsync("/.smxp/receive", new ByteArrayContent(Encoding.UTF8.GetBytes((string)vector!["wire"]!)));
            // The same message stands there in several orders and under several keys: its second arrival is a duplicate, which says that it verified.
            bool isAccepted = response.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict or HttpStatusCode.Gone;
            Assert.True(isAccepted == (bool)vector["valid"]!, $"{vector["name"]}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    private static IResult Key(JsonNode vectors, string kid)
    {
        foreach ((string algorithm, JsonNode? key) in vectors["keys"]!.AsObject())
        {
            if ((string?)key!["key_id"] == kid) return Results.Json(new { public_key = (string)key["public_key"]!, key_id = kid, algorithm });
        }

        return Results.Json(new { error = "key not found" }, statusCode: 404);
    }
}
