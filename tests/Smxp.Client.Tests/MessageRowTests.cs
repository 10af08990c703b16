using Smxp.Client.Mail;

namespace Smxp.Client.Tests;

public sealed class MessageRowTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    [Theory]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("true", true)]
    [InlineData("null", false)]
    public async Task Reads_flags_as_numbers_and_as_booleans(string json, bool expected)
    {
        var row = await ReadAsync($$"""{"id":"m","verified":{{json}},"deleted":{{json}}}""");

        Assert.Equal((expected, expected), (row.Verified, row.Deleted));
    }

    [Fact]
    public async Task Reads_the_references_names_for_the_parties()
    {
        var row = await ReadAsync("""{"id":"m","sender":"a@example.test","recipient":"b@example.test","attachments":null,"unknown":{"x":[1]}}""");

        Assert.Equal(("a@example.test", "b@example.test"), (row.From, row.To));
        Assert.Empty(row.Attachments);
    }

    [Fact]
    public async Task Reads_attachments_with_their_keys()
    {
        var row = await ReadAsync("""
            {"id":"m","from":"a@example.test","to":"b@example.test","attachments":[{"blob_id":"blob_1","host":"example.test","sha256":"00","size":3,"download_token":"blt_1",
             "encryption":{"algorithm":"AES-256-GCM","key":"k","nonce_prefix":"n","chunk_size":4,"plaintext_size":2}}]}
            """);

        var attachment = Assert.Single(row.Attachments);
        Assert.Equal(("blob_1", "blt_1", "n", 4), (attachment.BlobId, attachment.DownloadToken, attachment.Encryption!.NoncePrefix, attachment.Encryption.ChunkSize));
    }

    [Fact]
    public async Task What_is_not_said_is_left_out_of_a_message()
    {
        await using var server = await ScriptedServer.StartAsync("""{"status":"sent","results":[{"status":"sent","to":"b@example.test","id":"m","conversation_id":"c"}]}""", 201);
        using var client = new SmxpClient(server.BaseAddress);

        var receipt = await client.Mail.SendAsync(new OutgoingMessage { To = ["b@example.test"], Body = "hi" }, Never);

        Assert.Equal("""{"to":["b@example.test"],"body":"hi"}""", server.Requests.Single().Text);
        Assert.Equal("c", receipt.Results.Single().ConversationId);
    }

    private static async Task<MessageRow> ReadAsync(string row)
    {
        await using var server = await ScriptedServer.StartAsync($$"""{"message":{{row}}}""");
        using var client = new SmxpClient(server.BaseAddress);
        return await client.Mail.GetMessageAsync("m", null, Never);
    }
}
