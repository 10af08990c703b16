using System.Buffers;
using System.Text;
using System.Text.Json;
using Smxp.Host.Mail.Rows;
using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Host.Tests.Mail;

public sealed class MailboxRowTests
{
    [Fact]
    public void Writes_what_no_unicode_text_may_hold()
    {
        // Lone surrogates are legal in an envelope (SMXP §5), and must break no list.
        const string Attachment = """{"blob_id":"blob_1","host":"peer.test","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"name":"\udc00.txt"}""";
        JsonElement row = Write(Entry($$"""{"subject":"a\ud800b","body":"\udfff","name":"\ud83d","attachments":[{{Attachment}}]}"""));
        Assert.Equal(("a\ufffdb", "\ufffd"), (row.Text("subject"), row.Text("body")));
        Assert.Equal("blob_1", row.GetProperty("attachments")[0].Text("blob_id"));
    }

    [Fact]
    public void Keeps_the_subject_where_an_edit_has_none_and_shows_nothing_once_deleted()
    {
        MailboxEntry entry = Entry("""{"subject":"plan","body":"old"}""") with { Current = Envelope("""{"body":"# new","content_type":"markdown"}"""), EditedBy = "e" };
        JsonElement edited = Write(entry);
        Assert.Equal(("plan", "# new", "markdown", "e"), (edited.Text("subject"), edited.Text("body"), edited.Text("content_type"), edited.Text("edited_by")));
        JsonElement deleted = Write(entry with { Deleted = true });
        Assert.Equal((null, null, true), (deleted.Text("subject"), deleted.Text("body"), deleted.GetProperty("deleted").GetBoolean()));
    }

    [Fact]
    public void Keeps_attachments_as_they_travel()
    {
        const string Attachment =
            """{"blob_id":"blob_1","host":"peer.test","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":1,"disposition":"inline","download_token":"blt_x","thumbnail":{"data":"AA==","content_type":"image/png","width":3}}""";
        JsonElement row = Write(Entry($$"""{"attachments":[{{Attachment}}]}"""));
        Assert.Equal(Attachment, row.GetProperty("attachments")[0].GetRawText());
    }

    private static MailboxEntry Entry(string members) => new()
    {
        Sequence = 1,
        ModifiedSequence = 1,
        Kind = "message",
        Id = "i",
        Mailbox = Address.Parse("bob@example.test"),
        Direction = Direction.In,
        ConversationId = "c",
        CreatedAt = 7,
        Envelope = Envelope(members),
    };

    private static SignedEnvelope Envelope(string members)
    {
        string json = """{"version":"SMXP/1.0","id":"i","from":"alice@peer.test","to":"bob@example.test","timestamp":5,"conversation_id":"c","server_signature":"AA","server_key_id":"k",""" + members[1..];
        Assert.True(SignedEnvelope.TryParse(Encoding.UTF8.GetBytes(json), out SignedEnvelope? envelope, out string? error), error);
        return envelope;
    }

    private static JsonElement Write(MailboxEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, RowJson.WriterOptions)) MailboxRow.Write(json, entry);
        return JsonElement.Parse(buffer.WrittenSpan);
    }
}
