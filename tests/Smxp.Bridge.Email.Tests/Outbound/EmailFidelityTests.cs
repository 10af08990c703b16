using Smxp.Bridge.Email.Outbound;
using Smxp.Plugins.Delivery;
using Smxp.Protocol;

namespace Smxp.Bridge.Email.Tests.Outbound;

public sealed class EmailFidelityTests
{
    private static readonly Address Bob = Address.Parse("bob@mail.test");
    private static readonly EmailFidelity Fidelity = new(new OutboundSettings { MaxMessageBytes = 100_000 });

    [Fact]
    public async Task Attachments_beyond_the_limit_become_links()
    {
        Assert.DoesNotContain(await CompareAsync(Message(File(60_000), File(40_000))), static loss => loss.Kind == LossKind.Size);
        Assert.Contains(new Loss(LossKind.Size, LossDegree.Changed, 100_000), await CompareAsync(Message(File(60_000), File(40_001))));
    }

    [Fact]
    public async Task Only_attachments_that_are_more_than_files_change()
    {
        Assert.DoesNotContain(await CompareAsync(Message(File(1))), static loss => loss.Kind == LossKind.TypedAttachments);
        Assert.Contains(new Loss(LossKind.TypedAttachments, LossDegree.Changed), await CompareAsync(Message(File(1) with { Disposition = "embedded" })));
    }

    [Fact]
    public async Task An_edit_of_an_edit_is_no_question() =>
        Assert.Empty(await CompareAsync(Message() with { Type = EnvelopeType.Edit }));

    private static ValueTask<IReadOnlyList<Loss>> CompareAsync(Envelope envelope) => Fidelity.CompareAsync(Bob, envelope, CancellationToken.None);

    private static Envelope Message(params Attachment[] attachments) =>
        new() { From = "alice@example.test", To = "bob@mail.test", Timestamp = 1, ConversationId = "c", Attachments = attachments };

    private static Attachment File(long size) => new() { BlobId = "blob_1", Host = "example.test", Sha256 = new string('0', 64), Size = size };
}
