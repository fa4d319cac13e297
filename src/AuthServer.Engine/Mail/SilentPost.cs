namespace AuthServer.Engine.Mail;

/// <summary>Takes letters where there is no way to send them.</summary>
public sealed class SilentPost : IPostOffice
{
    public void Post(Letter letter)
    {
    }
}
